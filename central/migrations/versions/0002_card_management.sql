CREATE TABLE application (
    voucher_no VARCHAR NOT NULL,
    "key" VARCHAR NOT NULL,
    service VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    applicant_kind VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    state_at VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    kiosk_id VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    number VARCHAR NOT NULL,
    agent_number VARCHAR,
    applicant JSON NOT NULL,
    agent JSON,
    phone VARCHAR,
    address VARCHAR,
    bank VARCHAR,
    signature VARCHAR NOT NULL,
    marks JSON NOT NULL,
    card_number VARCHAR,
    wishes JSON NOT NULL,
    taken_at VARCHAR NOT NULL,
    submitted_at VARCHAR NOT NULL,
    due_at VARCHAR NOT NULL,
    window VARCHAR NOT NULL,
    PRIMARY KEY (voucher_no),
    UNIQUE (kiosk_id, day, seq),
    UNIQUE ("key")
);
CREATE INDEX agents_day ON application (agent_number, day);
CREATE INDEX by_channel ON application (channel, submitted_at, voucher_no);
CREATE INDEX by_number ON application (number);
CREATE INDEX by_place ON application (kiosk_id, channel, submitted_at, voucher_no);
CREATE INDEX by_state ON application (state, submitted_at);
CREATE INDEX case_queue ON application (kiosk_id, state, submitted_at, voucher_no);
CREATE UNIQUE INDEX one_open ON application (service, number) WHERE state IN ('SUBMITTED',
        'REVIEW', 'ACCEPTED', 'DATA_GENERATED', 'IN_PRODUCTION', 'FAILED', 'READY');
CREATE TABLE approval (
    id INTEGER NOT NULL,
    action VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    parameters JSON NOT NULL,
    state VARCHAR(32) NOT NULL,
    asked_by VARCHAR NOT NULL,
    asked_at VARCHAR NOT NULL,
    decided_by VARCHAR,
    decided_at VARCHAR,
    PRIMARY KEY (id)
);
CREATE INDEX approval_state ON approval (state, asked_at);
CREATE TABLE audit_checkpoint (
    seq INTEGER NOT NULL,
    at VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    signature VARCHAR NOT NULL,
    PRIMARY KEY (seq)
);
CREATE TABLE audit_entry (
    seq INTEGER NOT NULL,
    at VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    details VARCHAR NOT NULL,
    prev VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    PRIMARY KEY (seq)
);
CREATE INDEX audit_action ON audit_entry (action, seq);
CREATE INDEX audit_actor ON audit_entry (actor, seq);
CREATE INDEX audit_at ON audit_entry (at);
CREATE INDEX audit_target ON audit_entry (target, seq);
CREATE TABLE card_number_series (
    region VARCHAR NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (region)
);
CREATE TABLE console_look_up (
    id INTEGER NOT NULL,
    login VARCHAR NOT NULL,
    "by" VARCHAR(32) NOT NULL,
    at VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX look_ups ON console_look_up (login, "by", at);
CREATE TABLE console_user (
    login VARCHAR NOT NULL,
    display_name VARCHAR NOT NULL,
    roles JSON NOT NULL,
    outlet VARCHAR NOT NULL,
    language VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    created_at VARCHAR NOT NULL,
    failures INTEGER NOT NULL,
    locked_until VARCHAR,
    password VARCHAR,
    totp BLOB,
    totp_step INTEGER NOT NULL,
    setup_hash VARCHAR,
    setup_until VARCHAR,
    subject VARCHAR,
    PRIMARY KEY (login),
    UNIQUE (setup_hash),
    UNIQUE (subject)
);
CREATE TABLE content (
    id VARCHAR NOT NULL,
    wrapped_key VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE custody_item (
    id VARCHAR NOT NULL,
    thing VARCHAR(32) NOT NULL,
    what VARCHAR,
    card VARCHAR,
    voucher_no VARCHAR,
    place VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    "by" VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    ended_at VARCHAR,
    ended_by VARCHAR,
    second_by VARCHAR,
    PRIMARY KEY (id)
);
CREATE INDEX ix_custody_item_card ON custody_item (card);
CREATE INDEX ix_custody_item_state ON custody_item (state);
CREATE INDEX ix_custody_item_voucher_no ON custody_item (voucher_no);
CREATE TABLE device_certificate (
    serial VARCHAR NOT NULL,
    device VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    key_sha256 VARCHAR NOT NULL,
    pem VARCHAR NOT NULL,
    issued_at VARCHAR NOT NULL,
    not_before VARCHAR NOT NULL,
    ends_at VARCHAR NOT NULL,
    "end" VARCHAR(32) NOT NULL,
    used_at VARCHAR,
    PRIMARY KEY (serial)
);
CREATE INDEX certificate_device ON device_certificate (device, issued_at);
CREATE TABLE device_invitation (
    id INTEGER NOT NULL,
    device VARCHAR NOT NULL,
    hint VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    made_at VARCHAR NOT NULL,
    made_by VARCHAR NOT NULL,
    expires_at VARCHAR NOT NULL,
    confirm BOOLEAN NOT NULL,
    tries INTEGER NOT NULL,
    key_sha256 VARCHAR,
    confirmed_at VARCHAR,
    serial VARCHAR,
    PRIMARY KEY (id)
);
CREATE INDEX invitation_hint ON device_invitation (hint, expires_at);
CREATE INDEX ix_device_invitation_device ON device_invitation (device);
CREATE TABLE doomed_object (
    object VARCHAR NOT NULL,
    PRIMARY KEY (object)
);
CREATE TABLE kept_answer (
    "key" VARCHAR NOT NULL,
    fingerprint VARCHAR NOT NULL,
    status INTEGER NOT NULL,
    body VARCHAR NOT NULL,
    answered_at VARCHAR NOT NULL,
    owner VARCHAR,
    PRIMARY KEY ("key")
);
CREATE INDEX ix_kept_answer_answered_at ON kept_answer (answered_at);
CREATE TABLE key_loading (
    id INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    parts INTEGER NOT NULL,
    state VARCHAR(32) NOT NULL,
    begun_by VARCHAR NOT NULL,
    begun_at VARCHAR NOT NULL,
    ended_at VARCHAR,
    check_value VARCHAR,
    PRIMARY KEY (id)
);
CREATE INDEX key_loading_state ON key_loading (state);
CREATE TABLE key_use (
    id INTEGER NOT NULL,
    at VARCHAR NOT NULL,
    kiosk_id VARCHAR NOT NULL,
    function VARCHAR NOT NULL,
    outcome VARCHAR NOT NULL,
    card VARCHAR NOT NULL,
    "key" VARCHAR DEFAULT '' NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_key_use_card ON key_use (card);
CREATE INDEX key_use_kiosk ON key_use (kiosk_id, at);
CREATE TABLE notice (
    id VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    recipient VARCHAR,
    parameters JSON NOT NULL,
    voucher_no VARCHAR,
    state VARCHAR(32) NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    queued_at VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX ix_notice_queued_at ON notice (queued_at);
CREATE INDEX ix_notice_voucher_no ON notice (voucher_no);
CREATE INDEX notice_due ON notice (next_at) WHERE state = 'WAITING';
CREATE TABLE one_time_code (
    card VARCHAR NOT NULL,
    mac VARCHAR NOT NULL,
    sent_at VARCHAR NOT NULL,
    sent INTEGER NOT NULL,
    tries_left INTEGER NOT NULL,
    proved_by VARCHAR,
    PRIMARY KEY (card)
);
CREATE TABLE person (
    id_number VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    insured BOOLEAN NOT NULL,
    phone VARCHAR,
    address VARCHAR,
    PRIMARY KEY (id_number)
);
CREATE INDEX person_name ON person (name, id_number);
CREATE TABLE pin_reset (
    id VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    card VARCHAR,
    kiosk_id VARCHAR,
    nonce VARCHAR,
    by_agent BOOLEAN NOT NULL,
    prepared_at VARCHAR,
    expires_at VARCHAR,
    settled_at VARCHAR,
    outcome VARCHAR,
    PRIMARY KEY (id),
    UNIQUE (nonce)
);
CREATE INDEX ix_pin_reset_card ON pin_reset (card);
CREATE TABLE shred_receipt (
    id VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    actor VARCHAR NOT NULL,
    rule VARCHAR NOT NULL,
    removed JSON NOT NULL,
    digest VARCHAR NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE station_seen (
    station VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    PRIMARY KEY (station)
);
CREATE TABLE unit (
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    PRIMARY KEY (code)
);
CREATE TABLE card (
    number VARCHAR NOT NULL,
    identifier VARCHAR NOT NULL,
    id_number VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    bank VARCHAR,
    state_before VARCHAR(32),
    before_loss VARCHAR(32),
    since VARCHAR,
    loss_expires_at VARCHAR,
    voucher_no VARCHAR,
    replaces VARCHAR,
    atr VARCHAR,
    data_sha256 VARCHAR,
    PRIMARY KEY (number),
    UNIQUE (identifier),
    FOREIGN KEY(id_number) REFERENCES person (id_number)
);
CREATE INDEX ix_card_id_number ON card (id_number);
CREATE INDEX ix_card_voucher_no ON card (voucher_no);
CREATE INDEX losses_end ON card (loss_expires_at) WHERE loss_expires_at IS NOT NULL;
CREATE UNIQUE INDEX one_active ON card (id_number) WHERE state = 'ACTIVE';
CREATE TABLE card_write (
    id VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    voucher_no VARCHAR,
    station VARCHAR,
    card_number VARCHAR,
    replaces VARCHAR,
    bank VARCHAR,
    personalisation JSON,
    identifier VARCHAR,
    prepared_at VARCHAR,
    prepared_by VARCHAR,
    expires_at VARCHAR,
    started_at VARCHAR,
    settled_at VARCHAR,
    reason VARCHAR,
    PRIMARY KEY (id),
    FOREIGN KEY(voucher_no) REFERENCES application (voucher_no),
    UNIQUE (card_number)
);
CREATE INDEX ix_card_write_identifier ON card_write (identifier);
CREATE UNIQUE INDEX one_write_a_case ON card_write (voucher_no) WHERE state IN ('PREPARED',
        'STARTED');
CREATE UNIQUE INDEX one_write_a_station ON card_write (station) WHERE state IN ('PREPARED',
        'STARTED');
CREATE INDEX writes_due ON card_write (state, expires_at);
CREATE INDEX writes_of_case ON card_write (voucher_no, prepared_at);
CREATE TABLE case_review (
    voucher_no VARCHAR NOT NULL,
    login VARCHAR,
    outlet VARCHAR,
    since VARCHAR NOT NULL,
    reason VARCHAR,
    words VARCHAR,
    PRIMARY KEY (voucher_no),
    FOREIGN KEY(voucher_no) REFERENCES application (voucher_no)
);
CREATE TABLE clerk (
    unit VARCHAR NOT NULL,
    id_number VARCHAR NOT NULL,
    PRIMARY KEY (unit, id_number),
    FOREIGN KEY(unit) REFERENCES unit (code)
);
CREATE TABLE console_recovery_code (
    login VARCHAR NOT NULL,
    hash VARCHAR NOT NULL,
    used_at VARCHAR,
    PRIMARY KEY (login, hash),
    FOREIGN KEY(login) REFERENCES console_user (login)
);
CREATE TABLE console_session (
    hash VARCHAR NOT NULL,
    login VARCHAR NOT NULL,
    began_at VARCHAR NOT NULL,
    seen_at VARCHAR NOT NULL,
    PRIMARY KEY (hash),
    FOREIGN KEY(login) REFERENCES console_user (login)
);
CREATE INDEX ix_console_session_login ON console_session (login);
CREATE TABLE fee (
    voucher_no VARCHAR NOT NULL,
    fen INTEGER NOT NULL,
    state VARCHAR(32) NOT NULL,
    due_at VARCHAR NOT NULL,
    state_at VARCHAR NOT NULL,
    "by" VARCHAR NOT NULL,
    how VARCHAR(32),
    receipt_no VARCHAR,
    ground VARCHAR,
    approved_by VARCHAR,
    refund_no VARCHAR,
    PRIMARY KEY (voucher_no),
    FOREIGN KEY(voucher_no) REFERENCES application (voucher_no),
    UNIQUE (receipt_no),
    UNIQUE (refund_no)
);
CREATE INDEX ix_fee_state ON fee (state);
CREATE TABLE hand_over (
    voucher_no VARCHAR NOT NULL,
    card_number VARCHAR NOT NULL,
    taker VARCHAR NOT NULL,
    paper VARCHAR NOT NULL,
    signature VARCHAR,
    old_card VARCHAR NOT NULL,
    at VARCHAR NOT NULL,
    "by" VARCHAR NOT NULL,
    PRIMARY KEY (voucher_no),
    FOREIGN KEY(voucher_no) REFERENCES application (voucher_no),
    UNIQUE (card_number)
);
CREATE TABLE image (
    sha256 VARCHAR NOT NULL,
    media_type VARCHAR NOT NULL,
    size INTEGER NOT NULL,
    stored_at VARCHAR NOT NULL,
    content VARCHAR,
    PRIMARY KEY (sha256),
    UNIQUE (content),
    FOREIGN KEY(content) REFERENCES content (id)
);
CREATE INDEX image_stored ON image (stored_at);
CREATE TABLE key_component (
    loading_id INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entered_by VARCHAR NOT NULL,
    entered_at VARCHAR NOT NULL,
    check_value VARCHAR NOT NULL,
    box BLOB,
    PRIMARY KEY (loading_id, number),
    FOREIGN KEY(loading_id) REFERENCES key_loading (id)
);
CREATE TABLE piece (
    object VARCHAR NOT NULL,
    content VARCHAR NOT NULL,
    "offset" BIGINT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (object),
    UNIQUE (content, "offset"),
    FOREIGN KEY(content) REFERENCES content (id)
);
CREATE TABLE upload (
    sha256 VARCHAR NOT NULL,
    media_type VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    "offset" BIGINT NOT NULL,
    content VARCHAR NOT NULL,
    touched_at VARCHAR NOT NULL,
    PRIMARY KEY (sha256),
    UNIQUE (content),
    FOREIGN KEY(content) REFERENCES content (id)
);
CREATE INDEX upload_touched ON upload (touched_at);
CREATE TABLE application_image (
    voucher_no VARCHAR NOT NULL,
    position INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    PRIMARY KEY (voucher_no, position),
    FOREIGN KEY(voucher_no) REFERENCES application (voucher_no),
    FOREIGN KEY(sha256) REFERENCES image (sha256)
);
CREATE TABLE batch (
    batch_no VARCHAR NOT NULL,
    "key" VARCHAR,
    service VARCHAR NOT NULL,
    channel VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    state_at VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    unit VARCHAR NOT NULL,
    clerk_number VARCHAR,
    clerk_name VARCHAR,
    outlet VARCHAR NOT NULL,
    taken_by VARCHAR NOT NULL,
    day VARCHAR NOT NULL,
    seq INTEGER NOT NULL,
    signature VARCHAR,
    submitted_at VARCHAR NOT NULL,
    due_on VARCHAR,
    material VARCHAR(32) NOT NULL,
    letter VARCHAR,
    reason VARCHAR,
    fee_fen INTEGER NOT NULL,
    fee_receipt VARCHAR,
    refund_receipt VARCHAR,
    export_by VARCHAR,
    picked_up_at VARCHAR,
    picked_up_by VARCHAR,
    pick_up_letter VARCHAR,
    enable_at VARCHAR,
    PRIMARY KEY (batch_no),
    UNIQUE (taken_by, day, seq),
    UNIQUE ("key"),
    FOREIGN KEY(unit) REFERENCES unit (code),
    FOREIGN KEY(letter) REFERENCES image (sha256),
    UNIQUE (fee_receipt),
    UNIQUE (refund_receipt),
    FOREIGN KEY(pick_up_letter) REFERENCES image (sha256)
);
CREATE INDEX batch_by_outlet ON batch (outlet, submitted_at, batch_no);
CREATE INDEX batch_by_state ON batch (state, submitted_at, batch_no);
CREATE INDEX batch_to_enable ON batch (enable_at);
CREATE INDEX ix_batch_unit ON batch (unit);
CREATE TABLE batch_image (
    batch_no VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    sha256 VARCHAR NOT NULL,
    PRIMARY KEY (batch_no, line, kind),
    FOREIGN KEY(batch_no) REFERENCES batch (batch_no),
    FOREIGN KEY(sha256) REFERENCES image (sha256)
);
CREATE INDEX ix_batch_image_sha256 ON batch_image (sha256);
CREATE TABLE batch_member (
    batch_no VARCHAR NOT NULL,
    line INTEGER NOT NULL,
    id_number VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    state VARCHAR(32) NOT NULL,
    since VARCHAR NOT NULL,
    data JSON NOT NULL,
    problem VARCHAR,
    card_number VARCHAR,
    identifier VARCHAR,
    replaces VARCHAR,
    PRIMARY KEY (batch_no, line),
    FOREIGN KEY(batch_no) REFERENCES batch (batch_no),
    FOREIGN KEY(id_number) REFERENCES person (id_number),
    UNIQUE (card_number),
    UNIQUE (identifier)
);
CREATE UNIQUE INDEX one_batch ON batch_member (id_number) WHERE state IN ('FAILED',
        'HANDED_OVER', 'LISTED', 'MADE');

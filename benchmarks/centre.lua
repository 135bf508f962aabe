-- Hands in the applications of a file, one a line: key, space, body. After the last comes the first.
local counter = 0

function setup(thread)
    thread:set("number", counter)
    counter = counter + 1
end

function init(args)
    lines = {}
    local number_of_threads = tonumber(args[2])
    local i = 0
    for line in io.lines(args[1]) do
        if i % number_of_threads == number then table.insert(lines, line) end
        i = i + 1
    end
    at = 0
end

function request()
    at = at + 1
    local line = lines[(at - 1) % #lines + 1]
    local key, body = line:match("^(%S+) (.*)$")
    return wrk.format("POST", wrk.path,
        { ["Content-Type"] = "application/json", ["Idempotency-Key"] = key }, body)
end

function done(summary, latency, requests)
    io.write(string.format(
        '{"requests": %d, "us": %d, "p50_us": %d, "p99_us": %d, "not_2xx": %d, "lost": %d}\n',
        summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
        summary.errors.status, summary.errors.connect + summary.errors.read
            + summary.errors.write + summary.errors.timeout))
end

"use strict";
const PIECE = 1024 * 1024;
const TRIES = 8;
const here = location.pathname;
const list = document.getElementById("list");
const said = document.getElementById("said");
const input = document.getElementById("files");
let queue = Promise.resolve();

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/* One request; a network that is away is tried again, a refusal is told. */
async function ask(method, path, body, headers) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await fetch(here + path, { method, body, headers, credentials: "same-origin" });
      if (answer.status !== 429 && answer.status < 500) return answer;
    } catch (lost) {
      said.textContent = "网络不稳，正在重试… / trying again…";
    }
    if (attempt === TRIES) throw new Error("网络中断，请靠近信号好的地方再选一次 / the network is away");
    await pause(Math.min(30000, 500 * 2 ** attempt));
  }
}

async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  return new Error(told.reason_zh || "没有传上去，请在一体机上重新获取二维码");
}

async function send(file, bar) {
  if (file.size === 0) throw new Error("这个文件是空的，请核对 / the file is empty");
  const told = JSON.stringify({ name: file.name, size: file.size });
  const begun = await ask("POST", "/files", told, { "Content-Type": "application/json" });
  if (!begun.ok) throw await refusal(begun);
  const { n } = await begun.json();
  let offset = 0;
  while (offset < file.size) {
    const piece = file.slice(offset, offset + PIECE);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/octet-stream" };
    const answer = await ask("PATCH", `/files/${n}`, piece, headers);
    const stands = answer.headers.get("Upload-Offset");
    if (stands === null) throw await refusal(answer);
    offset = Number(stands);
    bar.value = offset;
    said.textContent = "";
  }
}

function row(file) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  const bar = document.createElement("progress");
  const word = document.createElement("span");
  name.textContent = file.name + " ";
  bar.max = Math.max(1, file.size);
  bar.value = 0;
  item.append(name, bar, word);
  list.append(item);
  return { bar, word };
}

input.addEventListener("change", () => {
  for (const file of Array.from(input.files)) {
    const { bar, word } = row(file);
    queue = queue.then(() => send(file, bar)).then(
      () => { word.textContent = "已传好 / done"; word.className = "done"; },
      (no) => { word.textContent = no.message; word.className = "refused"; },
    );
  }
  input.value = "";
});

"use strict";
// Puts pieces of the page that changed in the place of the old ones. Without it the page is reloaded by hand.
(() => {
  const place = document.querySelector("[data-live]");
  if (!place || !window.EventSource) return;
  const stream = new EventSource(place.dataset.live);
  const told = document.getElementById("live");
  const say = (word) => { if (told) told.textContent = told.dataset[word]; };
  const over = () => { stream.close(); say("over"); };
  stream.addEventListener("open", () => say("on"));
  stream.addEventListener("piece", (event) => {
    const piece = JSON.parse(event.data);
    const old = document.getElementById(piece.id);
    if (!old) return;
    const had = old.contains(document.activeElement);
    const made = document.createElement("template");
    made.innerHTML = piece.html;
    old.replaceWith(made.content);
    if (had) document.getElementById(piece.id)?.querySelector("a")?.focus();
  });
  stream.addEventListener("over", over);
  stream.addEventListener("error", () => { if (stream.readyState === EventSource.CLOSED) over(); });
  window.addEventListener("pagehide", () => stream.close());
})();

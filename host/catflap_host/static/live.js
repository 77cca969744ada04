// Puts calls into the table as they come, unless paused. Rows come from the server, made and escaped there; this only puts them in place.
"use strict";

(() => {
  const calls = document.getElementById("calls");
  const pause = document.getElementById("pause");
  const waiting = document.getElementById("waiting");
  const most = Number(calls.dataset.most);
  const kept = new Map(); // by id: what came last while paused, null for a call that is no longer wanted
  let paused = false;

  // by id, newest first: an old call that changes takes its old place, or none past the end
  const idOf = (element) => Number(element.id.slice("call-".length));

  function place(id, html) {
    const shown = document.getElementById("call-" + id);
    if (html === null) {
      shown?.remove();
      return;
    }
    const template = document.createElement("template");
    template.innerHTML = html;
    catflap.localTimes(template.content);
    const row = template.content.firstElementChild;
    if (shown) {
      shown.replaceWith(row);
      return;
    }
    row.classList.add("new");
    const next = Array.from(calls.rows).find((other) => idOf(other) < id);
    if (!next && calls.rows.length >= most) return;
    calls.insertBefore(row, next || null);
    while (calls.rows.length > most) calls.deleteRow(-1);
    document.getElementById("empty")?.remove();
  }

  function took(id, html) {
    if (!paused) {
      place(id, html);
      return;
    }
    kept.delete(id);
    kept.set(id, html);
    // what would have left the table by now need not be kept
    if (kept.size > 2 * most) kept.delete(kept.keys().next().value);
    const fresh = Array.from(kept).filter(([other, row]) => row !== null && !document.getElementById("call-" + other)).length;
    waiting.textContent = fresh ? "+" + Math.min(fresh, most) : "";
  }

  function setPaused(now) {
    paused = now;
    pause.setAttribute("aria-pressed", String(paused));
    if (paused) return;
    for (const [id, html] of kept) place(id, html);
    kept.clear();
    waiting.textContent = "";
  }

  pause.hidden = false;
  pause.addEventListener("click", () => setPaused(!paused));
  document.addEventListener("keydown", (event) => {
    if (event.key === "p" && !event.ctrlKey && !event.metaKey && !event.altKey && !event.target.closest("input, select, textarea")) setPaused(!paused);
  });

  const query = calls.dataset.query;
  const stream = new EventSource("/live/events?after=" + calls.dataset.after + (query ? "&" + query : ""));
  stream.addEventListener("call", (event) => {
    const id = /id="call-(\d+)"/.exec(event.data);
    if (id) took(Number(id[1]), event.data);
  });
  stream.addEventListener("unwanted", (event) => took(Number(event.data), null));
  stream.onopen = () => catflap.lost(false);
  stream.onerror = () => catflap.lost(true);
})();

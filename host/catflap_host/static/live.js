// Puts calls into the table as they come. Rows come from the server, made and escaped there; this only puts them in their place.
"use strict";

(() => {
  const calls = document.getElementById("calls");
  const most = Number(calls.dataset.most);

  function placeCall(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    catflap.localTimes(template.content);
    const row = template.content.firstElementChild;
    const shown = document.getElementById(row.id);
    if (shown) {
      shown.replaceWith(row);
      return;
    }
    row.classList.add("new");
    // by id, newest first: an old call that changes takes its old place, or none past the end
    const idOf = (element) => Number(element.id.slice("call-".length));
    const next = Array.from(calls.rows).find((other) => idOf(other) < idOf(row));
    calls.insertBefore(row, next || null);
    while (calls.rows.length > most) calls.deleteRow(-1);
  }

  const stream = new EventSource("/live/events?after=" + calls.dataset.after);
  stream.addEventListener("call", (event) => placeCall(event.data));
  stream.onopen = () => catflap.lost(false);
  stream.onerror = () => catflap.lost(true);
})();

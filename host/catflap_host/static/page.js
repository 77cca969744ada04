// Keeps the page live. Rows come from the server, made and escaped there; this only puts them in their place.
"use strict";

const STATE_EVERY_MS = 10000;
const STATE_SOONEST_MS = 1000;
const calls = document.getElementById("calls");
const state = document.getElementById("state");
const lost = document.getElementById("lost");
const most = Number(calls.dataset.most);
let stateTimer = 0;

function localTimes(within) {
  for (const time of within.querySelectorAll("time")) {
    const moment = new Date(time.dateTime);
    time.textContent = moment.toLocaleTimeString([], { hour12: false });
    time.title = moment.toLocaleString();
  }
}

function placeCall(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localTimes(template.content);
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

async function fetchState() {
  stateTimer = 0;
  try {
    const answer = await fetch("/state");
    if (answer.status === 401) location.assign("/sign-in");
    if (!answer.ok) return;
    const open = Array.from(state.querySelectorAll("details[open]"), (details) => details.dataset.key);
    state.innerHTML = await answer.text();
    for (const details of state.querySelectorAll("details")) details.open = open.includes(details.dataset.key);
    localTimes(state);
  } catch {
    // the stream's own error says that the aggregator is away
  }
}

function stateSoon() {
  if (!stateTimer) stateTimer = setTimeout(fetchState, STATE_SOONEST_MS);
}

function listen() {
  const stream = new EventSource("/live?after=" + calls.dataset.after);
  stream.addEventListener("call", (event) => {
    placeCall(event.data);
    stateSoon();
  });
  stream.addEventListener("state", stateSoon);
  stream.onopen = () => { lost.hidden = true; };
  stream.onerror = () => { lost.hidden = false; };
}

localTimes(document);
setInterval(fetchState, STATE_EVERY_MS);
listen();

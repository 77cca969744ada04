// The list of alarms: all on it chosen at once, and how many are.
"use strict";

const every = document.getElementById("every");
const ticks = Array.from(document.querySelectorAll("input[data-alarm]"));
const chosen = document.getElementById("chosen");

function count() {
  const n = ticks.filter((tick) => tick.checked).length;
  chosen.textContent = String(n);
  every.checked = n > 0 && n === ticks.length;
  every.indeterminate = n > 0 && n < ticks.length;
}
if (every) {
  every.hidden = false;
  every.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = every.checked;
    count();
  });
  for (const tick of ticks) tick.addEventListener("change", count);
  count();
}

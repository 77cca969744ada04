// The times of the form are the reader's own, not universal time.
"use strict";

for (const form of document.querySelectorAll("form[data-times]")) {
  form.elements.offset_min.value = String(-new Date().getTimezoneOffset());
  for (const field of form.querySelectorAll("input[data-ms]")) {
    if (!field.dataset.ms) continue;
    const moment = new Date(Number(field.dataset.ms));
    field.value = new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
  }
}
for (const zone of document.querySelectorAll("[data-zone]")) zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone;

// The editor of the policy: another line without asking the server, and of a new entry only the fields that its choice needs.
"use strict";

function fit(row) {
  const what = row.querySelector("select[name$='-what']");
  if (!what) return;
  for (const part of row.querySelectorAll("[data-only]")) part.hidden = what.value !== part.dataset.only;
  for (const part of row.querySelectorAll("[data-unless]")) part.hidden = what.value === part.dataset.unless;
}
for (const row of document.querySelectorAll("[data-row]")) fit(row);
document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) fit(row);
});
for (const button of document.querySelectorAll("button[data-more]")) {
  button.type = "button";
  button.addEventListener("click", () => {
    const rows = document.getElementById(button.dataset.more).querySelector("[data-rows]");
    const row = rows.lastElementChild.cloneNode(true);
    for (const field of row.querySelectorAll("input, select")) {
      field.name = field.name.replace(/-(\d+)-/, (_, n) => "-" + (Number(n) + 1) + "-");
      if (field.tagName === "SELECT") field.selectedIndex = 0;
      else field.value = "";
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-describedby");
    }
    for (const fault of row.querySelectorAll(".fault")) fault.remove();
    rows.append(row);
    fit(row);
    row.querySelector("input, select").focus();
  });
}
// Enter in a field means to check, not another line
document.querySelector("form.policy")?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.tagName === "INPUT") {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button[value='check']"));
  }
});

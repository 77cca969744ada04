// What every page does in the browser: its own times, a lost aggregator told, an ended session led to the door, open details kept open.
"use strict";

const catflap = {
  localTimes(within) {
    for (const time of within.querySelectorAll("time:not([data-local])")) {
      const moment = new Date(time.dateTime);
      const pad = (n) => String(n).padStart(2, "0");
      let clock = [moment.getHours(), moment.getMinutes(), moment.getSeconds()].map(pad).join(":");
      if (time.classList.contains("precise")) clock += "." + String(moment.getMilliseconds()).padStart(3, "0");
      const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(pad).join("-");
      const today = moment.toDateString() === new Date().toDateString();
      time.title = day + " " + clock + " (" + Intl.DateTimeFormat().resolvedOptions().timeZone + ")";
      time.textContent = today ? clock : time.classList.contains("clock") ? day.slice(5) + " " + clock : day + " " + clock;
      time.dataset.local = "1";
    }
  },
  localHours(within) {
    for (const text of within.querySelectorAll("[data-hour]")) {
      const moment = new Date(text.dataset.hour);
      text.textContent = String(moment.getHours()).padStart(2, "0") + ":" + String(moment.getMinutes()).padStart(2, "0");
    }
  },
  localMoments(within) {
    const pad = (n) => String(n).padStart(2, "0");
    for (const text of within.querySelectorAll("[data-moment]")) {
      const moment = new Date(text.dataset.moment);
      text.textContent = pad(moment.getMonth() + 1) + "-" + pad(moment.getDate()) + " " + pad(moment.getHours()) + ":" + pad(moment.getMinutes());
    }
  },
  lost(isLost) {
    const banner = document.getElementById("lost");
    if (banner) banner.hidden = !isLost;
  },
};

let openDetails = [];
document.addEventListener("htmx:beforeSwap", (event) => {
  openDetails = Array.from(event.target.querySelectorAll("details[open][id]"), (details) => details.id);
});
document.addEventListener("htmx:afterSwap", (event) => {
  for (const id of openDetails) document.getElementById(id)?.setAttribute("open", "");
  catflap.localTimes(event.target);
  catflap.localHours(event.target);
  catflap.lost(false);
});
document.addEventListener("htmx:sendError", () => catflap.lost(true));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) location.assign("/sign-in");
});
document.addEventListener("click", (event) => {
  for (const details of document.querySelectorAll("details.me[open]")) if (!details.contains(event.target)) details.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") for (const details of document.querySelectorAll("details.me[open]")) details.open = false;
});
document.querySelector(".places [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
// what is to be put right is where one goes on
document.querySelector("main [aria-invalid]")?.focus();
catflap.localTimes(document);
catflap.localMoments(document);
catflap.localHours(document);

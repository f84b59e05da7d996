// Keys for the review page. Everything here is also reachable without it: each key only clicks or focuses what bears it.
"use strict";

(() => {
  const SWITCH = "diembao-keys"; // in localStorage: "off" when the person wants no keys
  const dialog = document.getElementById("keys");
  const rows = [...document.querySelectorAll("[data-row]")];
  let sent = false; // one form a page: a second press would decide what is not seen yet

  const keysOn = () => {
    try {
      return localStorage.getItem(SWITCH) !== "off";
    } catch {
      return true;
    }
  };

  const rowOf = (element) => element?.closest("[data-row]") ?? null;

  const focusRow = (row) => {
    row?.querySelector("[data-row-link]")?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: "nearest" });
  };

  const step = (by) => {
    const here = rows.indexOf(rowOf(document.activeElement));
    focusRow(rows[here < 0 ? 0 : Math.min(Math.max(here + by, 0), rows.length - 1)]);
  };

  const bearer = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    const row = rowOf(document.activeElement);
    if (row?.querySelector(wanted)) return row.querySelector(wanted);
    return [...document.querySelectorAll(wanted)].find((element) => !rowOf(element)) ?? null;
  };

  const act = (element) => {
    if (element.matches("textarea, input[type=search]")) element.focus();
    else element.click();
  };

  const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) event.target.blur();
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (typing(event.target) || dialog?.open || !keysOn()) return;
    const key = event.key.toLowerCase();
    if (key === "?" && dialog) dialog.showModal();
    else if (rows.length && (key === "n" || key === "p")) step(key === "n" ? 1 : -1);
    else {
      const found = /^[a-z]$/.test(key) ? bearer(key) : null;
      if (!found) return;
      act(found);
    }
    event.preventDefault();
  });

  document.addEventListener("submit", (event) => {
    if (event.target.method === "dialog") return;
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => {
    sent = false;
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener || !dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });

  for (const box of document.querySelectorAll("[data-keys-switch]")) {
    box.closest("[hidden]").hidden = false;
    box.checked = keysOn();
    box.addEventListener("change", () => {
      try {
        localStorage.setItem(SWITCH, box.checked ? "on" : "off");
      } catch {
        box.checked = true;
      }
    });
  }

  const keyboard = location.hash || matchMedia("(hover: hover)").matches; // a phone's reader begins at the top
  if (rows.length && keyboard) focusRow(rowOf(document.getElementById(location.hash.slice(1))) ?? rows[0]);
})();

// Keys for the review page. Everything here is also reachable without it: each key only clicks or focuses what bears it.
"use strict";

(() => {
  const SWITCH = "diembao-keys"; // in localStorage: "off" when the person wants no keys
  const KEYMAP = "diembao-keymap"; // in localStorage: {"g": "y"} where y does what g does otherwise
  const dialog = document.getElementById("keys");
  const rows = [...document.querySelectorAll("[data-row]")];
  const bulk = document.querySelector("[data-bulk]");
  const picks = [...document.querySelectorAll("input[name=pick]:not(:disabled)")];
  const places = [...document.querySelectorAll(".reading mark[id]")];
  let sent = false; // one form a page: a second press would decide what is not seen yet

  const kept = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };

  const keysOn = () => kept(SWITCH) !== "off";

  const keymap = () => {
    try {
      const stored = Object.entries(JSON.parse(kept(KEYMAP) ?? "{}"));
      return Object.fromEntries(stored.filter((pair) => pair.every((key) => /^[a-z]$/.test(key))));
    } catch {
      return {};
    }
  };

  // What a pressed key does, said by the key that does it for everybody; null: nothing any more.
  const meant = (pressed) => {
    const own = keymap();
    const moved = Object.keys(own).find((key) => own[key] === pressed);
    return moved ?? (pressed in own ? null : pressed);
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

  const showPlace = (by) => {
    const here = places.findIndex((place) => place === document.activeElement || place.matches(":target"));
    const next = places[(here + by + places.length) % places.length] ?? places[0];
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "center" });
  };

  const picked = () => bulk !== null && (bulk.matches(".whole") || picks.some((pick) => pick.checked));

  const bearer = (key) => {
    const wanted = `[data-key="${CSS.escape(key)}"]`;
    if (picked() && bulk.querySelector(wanted)) return bulk.querySelector(wanted);
    const row = rowOf(document.activeElement);
    if (row?.querySelector(wanted)) return row.querySelector(wanted);
    const free = (element) => !rowOf(element) && !bulk?.contains(element);
    return [...document.querySelectorAll(wanted)].find(free) ?? null;
  };

  const act = (element) => {
    if (element.matches("textarea, input:not([type=checkbox])")) element.focus();
    else element.click();
  };

  const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (typing(event.target)) event.target.blur();
      else if (!dialog?.open) pickAll(false);
    }
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.repeat) return;
    if (typing(event.target) || dialog?.open || !keysOn()) return;
    const key = event.key === "?" ? "?" : meant(event.key.toLowerCase());
    if (key === "?" && dialog) dialog.showModal();
    else if (rows.length && (key === "n" || key === "p")) step(key === "n" ? 1 : -1);
    else if (places.length && (key === "k" || key === "q")) showPlace(key === "k" ? 1 : -1);
    else {
      const found = /^[a-z]$/.test(key ?? "") ? bearer(key) : null;
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
    tell();
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    if (!opener || !dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });

  // --- ticking rows

  const pagePick = document.querySelector("[data-pick-page]");
  const count = document.querySelector("[data-picked]");
  let last = null; // the row ticked before, where a range begins

  const tell = () => {
    const many = picks.filter((pick) => pick.checked).length;
    if (count) count.textContent = count.dataset.picked.replace("{}", many);
    if (pagePick) {
      pagePick.checked = many > 0 && many === picks.length;
      pagePick.indeterminate = many > 0 && many < picks.length;
    }
  };

  const pickAll = (on) => {
    for (const pick of picks) pick.checked = on;
    tell();
  };

  if (pagePick && picks.length) {
    pagePick.closest("[hidden]").hidden = false;
    pagePick.addEventListener("change", () => pickAll(pagePick.checked));
  }
  for (const pick of picks) {
    pick.addEventListener("click", (event) => {
      const [from, to] = [picks.indexOf(last), picks.indexOf(pick)].sort((one, other) => one - other);
      if (event.shiftKey && from >= 0) {
        for (const between of picks.slice(from, to + 1)) between.checked = pick.checked;
      }
      last = pick;
      tell();
    });
  }

  // --- keys of one's own, and none

  const own = keymap();
  for (const bearing of document.querySelectorAll("[data-key], [data-says-key]")) {
    const key = own[bearing.dataset.key ?? bearing.dataset.saysKey];
    if (!key) continue;
    if (bearing.hasAttribute("aria-keyshortcuts")) bearing.setAttribute("aria-keyshortcuts", key);
    const shown = bearing.matches("kbd") ? bearing : bearing.querySelector("kbd");
    if (shown) shown.textContent = key;
  }

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

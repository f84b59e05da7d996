// Keys of one's own, kept in this browser; the page of keys only.
"use strict";

(() => {
  const KEYMAP = "diembao-keymap";
  const TELEX = "sfrxjzwaeod"; // letters that input methods turn into marks
  const inputs = [...document.querySelectorAll("[data-remap]")];
  const told = document.querySelector("[data-remap-told]");
  const reset = document.querySelector("[data-remap-reset]");

  const stored = () => {
    try {
      return JSON.parse(localStorage.getItem(KEYMAP) ?? "{}");
    } catch {
      return {};
    }
  };

  const show = () => {
    const own = stored();
    for (const input of inputs) {
      input.value = own[input.dataset.remap] ?? input.dataset.remap;
      input.removeAttribute("aria-invalid");
    }
  };

  // Everything wrong with the keys as they stand in the inputs, and which inputs it is wrong with.
  const troubles = () => {
    const said = [];
    const wrong = new Set();
    const complain = (input, sentence) => {
      wrong.add(input);
      said.push(sentence.replaceAll("{key}", input.value));
    };
    for (const input of inputs) {
      input.value = input.value.toLowerCase();
      if (!/^[a-z]$/.test(input.value)) complain(input, told.dataset.odd);
      else if (TELEX.includes(input.value)) complain(input, told.dataset.telex);
      else if (inputs.some((other) => other !== input && other.value.toLowerCase() === input.value)) complain(input, told.dataset.clash);
    }
    return { wrong, said: [...new Set(said)] };
  };

  const keep = () => {
    const { wrong, said } = troubles();
    for (const input of inputs) input.setAttribute("aria-invalid", String(wrong.has(input)));
    told.textContent = said.join(" ");
    if (wrong.size) return;
    const own = inputs.filter((input) => input.value !== input.dataset.remap);
    try {
      localStorage.setItem(KEYMAP, JSON.stringify(Object.fromEntries(own.map((input) => [input.dataset.remap, input.value]))));
      told.textContent = told.dataset.kept;
    } catch {
      told.textContent = told.dataset.lost;
    }
  };

  for (const input of inputs) {
    input.hidden = false;
    input.closest("div").querySelector("kbd").hidden = true;
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", keep);
  }
  reset?.closest("[hidden]")?.removeAttribute("hidden");
  reset?.addEventListener("click", () => {
    try {
      localStorage.removeItem(KEYMAP);
    } catch {
      // nothing was kept
    }
    show();
    told.textContent = told.dataset.kept;
  });
  show();
})();

// Small helpers of the console. No framework, no inline script: the content policy forbids it.
"use strict";
(() => {
  const PAUSE = 350; // ms after the last key before the preview is asked for

  function fieldOf(form, place) {
    return (
      form.querySelector(`[data-faro-field="${CSS.escape(place)}"]`) ||
      form.querySelector(`[name="${CSS.escape(place)}"]`)
    );
  }

  function clearMessages(form) {
    form.querySelectorAll(".faro-problem").forEach((node) => node.remove());
    form.querySelectorAll("[data-faro-wrong]").forEach((field) => {
      field.removeAttribute("data-faro-wrong");
      field.removeAttribute("aria-invalid");
      field.removeAttribute("aria-errormessage");
    });
  }

  function showMessages(form, panel, problems) {
    clearMessages(form);
    const loose = panel.querySelector("[data-faro-loose]");
    loose.replaceChildren();
    problems.forEach((problem, number) => {
      const field = problem.field && fieldOf(form, problem.field);
      const node = document.createElement(field ? "p" : "li");
      node.className = "faro-problem";
      node.id = `faro-problem-${number}`;
      node.textContent = problem.text;
      if (!field) {
        loose.append(node);
        return;
      }
      field.setAttribute("data-faro-wrong", "");
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-errormessage", node.id);
      field.insertAdjacentElement("afterend", node);
      field.closest("details")?.setAttribute("open", "");
    });
    const sum = panel.querySelector("[data-faro-sum]");
    const count = problems.length;
    sum.dataset.state = count ? "wrong" : "right";
    sum.textContent =
      count === 0 ? sum.dataset.none : count === 1 ? sum.dataset.one : sum.dataset.many.replace("#", count);
  }

  function preview(panel) {
    const form = panel.closest("form");
    const phones = panel.querySelector("[data-faro-phones]");
    let timer = 0;
    let asked = 0;

    async function ask() {
      const mine = ++asked;
      const data = new FormData(form);
      panel.querySelectorAll("[data-preview]").forEach((choice) => {
        data.set(`preview-${choice.dataset.preview}`, choice.value);
      });
      try {
        const answer = await fetch(panel.dataset.faroPreview, {
          method: "POST", body: data, headers: { "X-CSRFToken": data.get("csrfmiddlewaretoken") },
        });
        if (!answer.ok) throw new Error(answer.status);
        const shown = await answer.json();
        if (mine !== asked) return; // an older question answered late
        phones.innerHTML = shown.html; // made and escaped by our own server
        showMessages(form, panel, shown.problems);
      } catch {
        if (mine === asked) panel.querySelector("[data-faro-sum]").textContent = panel.querySelector("[data-faro-sum]").dataset.away;
      }
    }

    const soon = () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    ask();
  }

  // "Insert a fact": finds by words, inserts the name where the cursor was.
  function inserter(field, panel) {
    const box = document.createElement("div");
    box.className = "faro-insert";
    const words = window.faroWords;
    const input = Object.assign(document.createElement("input"), { type: "search", placeholder: words.insert });
    input.setAttribute("aria-label", words.insert);
    const list = document.createElement("ul");
    box.append(input, list);
    field.insertAdjacentElement("beforebegin", box);
    let timer = 0;

    function insert(text) {
      const at = field.selectionStart ?? field.value.length;
      field.setRangeText(text, at, field.selectionEnd ?? at, "end");
      list.replaceChildren();
      input.value = "";
      field.focus();
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }

    input.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (input.value.trim().length < 2) return list.replaceChildren();
        const answer = await fetch(`${panel.dataset.findFact}?q=${encodeURIComponent(input.value)}`);
        const { facts } = await answer.json();
        list.replaceChildren(...facts.map((fact) => {
          const item = document.createElement("li");
          const button = Object.assign(document.createElement("button"), { type: "button" });
          const value = document.createElement("b");
          value.textContent = fact.shows || words.cites;
          const says = document.createElement("span");
          says.textContent = fact.says;
          button.append(value, " ", says);
          button.addEventListener("click", () => insert(fact.insert));
          item.append(button);
          return item;
        }));
        if (!facts.length) list.replaceChildren(Object.assign(document.createElement("li"), { textContent: words.nothing }));
      }, 200);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); list.querySelector("button")?.click(); }
      if (event.key === "Escape") list.replaceChildren();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const words = document.getElementById("faro-words");
    window.faroWords = words ? { ...words.dataset } : {};
    document.querySelectorAll("[data-faro-preview]").forEach((panel) => {
      preview(panel);
      panel.closest("form").querySelectorAll("[data-faro-insert]").forEach((field) => inserter(field, panel));
    });
    document.querySelectorAll("[data-faro-refresh]").forEach((node) => {
      setTimeout(() => location.reload(), Number(node.dataset.faroRefresh) * 1000);
    });
    document.querySelectorAll("[data-faro-confirm]").forEach((node) => {
      node.addEventListener("click", (event) => { if (!confirm(node.dataset.faroConfirm)) event.preventDefault(); });
    });
    // Wagtail starts these two with inline scripts, which our content policy forbids.
    document.querySelectorAll("[data-faro-chooser]").forEach((input) => {
      const start = window[input.dataset.faroChooser];
      if (start && input.id) start(input.id, JSON.parse(input.dataset.faroConfig));
    });
  });
})();

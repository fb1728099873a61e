// Small ways to make elements. Text is always set as text: nothing that arrives becomes markup.

const SVG = "http://www.w3.org/2000/svg";
const ICONS = "/simulator/page/img/icons.svg";

/** Return an element with properties ("class", "aria-…" and "data-…" as attributes) and children. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class" || name.includes("-")) element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** Return words for screen readers only. */
export function unseen(text) {
  return make("span", { class: "unseen" }, text);
}

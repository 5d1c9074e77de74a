// What every part of the handset page stands on: the simulator, its memory of it, and elements.

const TOAST_MS = 6000;

export const byId = (id) => document.getElementById(id);

export const state = {
  numbers: [],
  handsets: [],
  outcomes: [],
  messages: new Map(),
  nodes: new Map(),
  wire: new Map(),
  loads: 0,
};

export async function sim(method, path, body) {
  const response = await fetch(`/sim/${path}`, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) {
    let reason = text;
    try {
      reason = JSON.parse(text).error ?? text;
    } catch {
      // Not JSON: the text says it.
    }
    throw new Error(reason || `the simulator answered ${response.status}`);
  }
  return text ? JSON.parse(text) : undefined;
}

// Does something for the person, and says so if it does not work.
export async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    toast(error.message);
    return false;
  }
}

function toast(text) {
  const node = element("div", "toast toast--danger", icon("alert"), element("span", "", text));
  byId("toasts").replaceChildren(node);
  setTimeout(() => node.remove(), TOAST_MS);
}

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
}

export function icon(name) {
  const node = element("span", `icon icon-${name}`);
  node.setAttribute("aria-hidden", "true");
  return node;
}

export function fillSelect(select, options, chosen) {
  select.replaceChildren(
    ...options.map(([label, value]) => {
      const option = element("option", "", label);
      option.value = value;
      option.selected = value === chosen;
      return option;
    }),
  );
}

// Who texts whom: the customer's phone and our number.

import { byId, element, fillSelect, sim, state } from "./base.js";

function normalPhone(text) {
  const digits = text.replace(/[\s().-]/g, "");
  if (/^\+\d{8,15}$/.test(digits)) return digits;
  if (/^\d{10}$/.test(digits)) return `+1${digits}`;
  if (/^1\d{10}$/.test(digits)) return `+${digits}`;
  return null;
}

export function readablePhone(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

export function randomPhone() {
  const areas = ["212", "312", "415", "512", "617", "707"];
  const area = areas[Math.floor(Math.random() * areas.length)];
  const line = String(Math.floor(Math.random() * 100)).padStart(2, "0");
  // 555-01xx is set aside for fiction.
  return `+1${area}55501${line}`;
}

export const phone = () => normalPhone(byId("phone").value);
export const number = () => byId("number").value;
export const ourNumber = (given) => state.numbers.find((one) => one.phone_number === given);
export const handsetName = (given) => state.handsets.find((one) => one.phone === given)?.name;

function numberLabel(one) {
  return one.friendly_name && one.friendly_name !== one.phone_number
    ? `${one.friendly_name} · ${readablePhone(one.phone_number)}`
    : readablePhone(one.phone_number);
}

function initials(text) {
  const words = text.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  return words.slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "#";
}

function hue(text) {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.codePointAt(0)) % 6;
  return sum + 1;
}

function showNumbers() {
  const wanted = number() || remembered("number");
  const numbers = state.numbers;
  const chosen = ourNumber(wanted)?.phone_number ?? numbers[0]?.phone_number;
  fillSelect(
    byId("number"),
    numbers.map((one) => [numberLabel(one), one.phone_number]),
    chosen,
  );
  byId("number").disabled = numbers.length === 0;
}

function showHandsets() {
  byId("phones").replaceChildren(
    ...state.handsets.map(({ phone, name }) => {
      const option = element("option", "", name ? `${name} · ${readablePhone(phone)}` : readablePhone(phone));
      option.value = phone;
      return option;
    }),
  );
}

export function showWho() {
  const one = ourNumber(number());
  const business = one
    ? [one.account_name, one.friendly_name].filter(Boolean).join(", ")
    : "No number yet";
  byId("business").textContent = business;
  byId("avatar").textContent = initials(business);
  byId("avatar").dataset.hue = hue(number() ?? "");
  const name = handsetName(phone());
  byId("handset-text").placeholder = `Text as ${name ?? (phone() ? readablePhone(phone()) : "the customer")}`;
  const valid = phone() !== null;
  byId("phone").setAttribute("aria-invalid", String(!valid));
  const hint = valid
    ? (name ?? "Any number that you do not own")
    : "Not a phone number, for instance +1 415 555 0162";
  byId("phone-hint").textContent = hint;
}

// The choice is in the address, so a window can be opened for one handset, and kept for next time.
export function remembered(key) {
  return new URLSearchParams(location.search).get(key) ?? localStorage.getItem(`handset-${key}`);
}

export function remember() {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of [["phone", phone()], ["number", number()]]) {
    if (!value) continue;
    localStorage.setItem(`handset-${key}`, value);
    query.set(key, value);
  }
  history.replaceState(null, "", `?${query}`);
}

export async function loadNumbers() {
  const [numbers, handsets] = await Promise.all([sim("GET", "numbers"), sim("GET", "handsets")]);
  state.numbers = numbers.numbers;
  state.handsets = handsets.handsets;
  showNumbers();
  showHandsets();
  if (!byId("phone").value) {
    byId("phone").value = remembered("phone") ?? state.handsets[0]?.phone ?? randomPhone();
  }
  showWho();
}

"use strict";
// The page is whole without this: it only sorts and filters the rows that are there.
const images = document.getElementById("images");
const body = images.tBodies[0];
const rows = Array.from(body.rows);
const words = document.getElementById("words");
const state = document.getElementById("state");
const count = document.getElementById("count");

function show() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    const fits = wanted.every((word) => text.includes(word)) &&
      (state.value === "" || row.dataset.state === state.value);
    row.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  count.textContent = `${shown} of ${rows.length} shown`;
}

function key(row, column) {
  const cell = row.cells[column];
  return cell.dataset.sort ?? cell.textContent;
}

for (const button of images.tHead.querySelectorAll("button")) {
  button.addEventListener("click", () => {
    const head = button.parentElement;
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const column = head.cellIndex;
    const order = new Intl.Collator("en", { numeric: true }).compare;
    rows.sort((a, b) => (up ? 1 : -1) * order(key(a, column), key(b, column)));
    body.append(...rows);
  });
}
words.addEventListener("input", show);
state.addEventListener("change", show);
document.getElementById("tools").hidden = false;
show();

"use strict";
// The page is whole without this: it only sorts and filters the rows that are there.
const images = document.getElementById("images");
const tools = document.getElementById("tools");
const words = document.getElementById("words");
const sort = document.getElementById("sort");
const choices = ["state", "priority"].map((name) => [name, document.getElementById(name)]);
const rows = Array.from(images.tBodies[0].rows);
const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
const order = new Intl.Collator("en", { numeric: true }).compare;

function filter() {
  const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits = wanted.every((word) => text.get(row).includes(word)) &&
      choices.every(([name, choice]) => choice.value === "" || row.dataset[name] === choice.value);
    row.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  document.getElementById("count").textContent = `${shown} of ${rows.length} images`;
  document.getElementById("none").hidden = shown > 0;
}

// A column's number, with a minus for backwards; nothing for the order of the charts.
function arrange(by) {
  const column = Number(by.replace("-", ""));
  const back = by.startsWith("-");
  const key = (row) => row.cells[column].dataset.order ?? row.cells[column].textContent;
  const sorted = by === "" ? rows
    : rows.slice().sort((a, b) => (back ? -1 : 1) * order(key(a), key(b)));
  images.tBodies[0].append(...sorted);
  for (const head of images.tHead.rows[0].cells) {
    if (by !== "" && head.cellIndex === column) {
      head.setAttribute("aria-sort", back ? "descending" : "ascending");
    } else {
      head.removeAttribute("aria-sort");
    }
  }
  sort.value = by;
}

for (const head of images.tHead.rows[0].cells) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener("click", () => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    arrange(`${up ? "" : "-"}${head.cellIndex}`);
  });
  // Browsers print heads on each page unless there are controls in them.
  addEventListener("beforeprint", () => button.replaceWith(...button.childNodes));
  addEventListener("afterprint", () => {
    button.append(...head.childNodes);
    head.append(button);
  });
}
sort.addEventListener("change", () => arrange(sort.value));
words.addEventListener("input", filter);
for (const [, choice] of choices) choice.addEventListener("change", filter);
tools.addEventListener("submit", (event) => event.preventDefault());
tools.addEventListener("reset", () => setTimeout(() => { filter(); arrange(""); }));
tools.hidden = false;
filter();

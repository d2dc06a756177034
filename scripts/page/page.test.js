// The plan's page in a real browser: what the tests of the program cannot see.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { launch, open } from "./browser.js";
import { HOSTILE, TURNED, empty, halfDone, hostile } from "./samples.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const PHONE = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true };
/** A4 without margins, in the pixels of CSS. */
const PAPER = { width: 703, height: 1030 };

let browser;
const files = {};
const plans = {};
const documents = {};
before(async () => {
  for (const [name, sample] of Object.entries({ half: halfDone(), hostile: hostile(), empty: empty() })) {
    files[name] = sample.page();
    documents[name] = sample.run("plan", "--root", ".");
    plans[name] = JSON.parse(
      sample.run("plan", "--root", ".", "--format", "json", "--history"));
  }
  browser = await launch();
});
after(() => browser?.close());

/** Opens a page, does something with it, and expects that nothing else happened. */
async function on(name, options, look) {
  const opened = await open(browser, files[name], options);
  try {
    await look(opened.page);
    assert.deepEqual(opened.happened, []);
  } finally {
    await opened.close();
  }
}

/** The texts of a column of the rows of images that are shown, from the top. */
const column = (page, index) => page.$$eval("#images tbody tr", (rows, index) =>
  rows.filter((row) => row.checkVisibility()).map((row) => row.cells[index].textContent), index);

const [IMAGE, STATE, PRIORITY, CHART, FILE] = [0, 2, 3, 4, 5];

/** Presses Tab until this has the focus; where the focus is has to be seen. */
async function tabTo(page, selector) {
  const target = await page.$(selector);
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    assert.ok(seen, "the focus is not seen");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  assert.fail(`Tab never comes to ${selector}`);
}

describe("opened from a file", () => {
  test("it has every image and says, asks and refuses nothing", () => on("half", {}, async (page) => {
    const files = plans.half.images.map((image) => `${image.path}:${image.line}`);
    assert.deepEqual(await column(page, FILE), files);
    assert.equal(await page.title(), "Image migration plan");
    assert.equal(await page.textContent("#count"), `${files.length} of ${files.length} images`);
  }));

  test("its own policy refuses any request, script and style", async () => {
    const { page, happened, close } = await open(browser, files.half);
    await page.evaluate(() => {
      const image = document.createElement("img");
      image.src = "file:///other.png";
      const script = document.createElement("script");
      script.textContent = "ran('added')";
      document.body.append(image, script);
      document.body.setAttribute("style", "color: red");
    });
    await page.waitForTimeout(100);
    assert.equal(happened.filter((line) => line.startsWith("console: refused")).length, 3, happened);
    assert.ok(!happened.some((line) => line.includes("ran: ")), happened);
    await close();
  });

  test("without scripts it is whole, and has no control that does nothing", () =>
    on("half", { javaScriptEnabled: false }, async (page) => {
      assert.equal((await page.$$("#images tbody tr")).length, plans.half.images.length);
      assert.equal(await page.isVisible("#tools"), false);
      assert.equal((await page.$$("#images button")).length, 0);
      assert.equal(await page.isVisible("#images tbody tr:last-child"), true);
    }));

  test("where there is no image it says so", () => on("empty", {}, async (page) => {
    const said = await page.innerText("main");
    assert.ok(said.includes("The policy wants no image moved."), said);
    assert.ok(said.includes("The charts name no image."), said);
    assert.ok(said.includes("No commit has changed anything here yet."), said);
  }));

  test("the commands that check by hand are those of the document", () => on("half", {}, async (page) => {
    const [, commands] = documents.half.match(/```sh\n([^`]*)```/);
    assert.equal(await page.textContent("pre"), commands);
    assert.ok(commands.includes("docker pull public.ecr.aws/ollama/ollama:0.3.12\n"), commands);
  }));

  test("each phase has the command of the document", () => on("half", {}, async (page) => {
    const rows = await page.$$eval("[aria-labelledby=of-phases] tbody tr", (rows) =>
      rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
    const { left, excepted } = plans.half.figures;
    const counts = rows.map(([phase, , count]) => [phase, Number(count)]);
    assert.deepEqual(counts,
      [["1 high", left.high], ["2 medium", left.medium], ["3 low", left.low], ["4 excepted", excepted]]);
    for (const [index, count] of [left.high, left.medium, left.low].entries()) {
      const command = `chart-images migrate --phase ${index + 1} --verified .chart-images/verified.json`;
      assert.equal(rows[index][1].includes(command), count > 0);
      assert.equal(documents.half.includes(`\`${command}\``), count > 0);
    }
  }));

  test("what may stay is there with its reason", () => on("half", {}, async (page) => {
    await page.selectOption("#state", "excepted");
    const found = await page.$$eval("#images tbody tr", (rows) =>
      rows.filter((row) => row.checkVisibility()).map((row) => row.textContent));
    assert.equal(found.length, plans.half.figures.excepted);
    assert.ok(found.some((row) => row.includes("the vendor moves in January (until 2027-01-31)")), found);
  }));

  test("its links lead to its parts", () => on("half", {}, async (page) => {
    const led = await page.$$eval("nav a", (links) => links.map((link) =>
      [link.textContent, document.getElementById(link.hash.slice(1)).textContent]));
    assert.equal(led.length, 6);
    for (const [link, heading] of led) assert.equal(link, heading);
  }));

  test("charts and registries add up", () => on("half", {}, async (page) => {
    const numbers = (id) => page.$$eval(`[aria-labelledby=${id}] tbody tr`, (rows) =>
      rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
    const charts = await numbers("of-charts");
    assert.deepEqual(charts.map(([name, , done, left]) => [name, Number(done), Number(left)]),
      plans.half.charts.map((chart) => [chart.name + chart.path, chart.done, chart.left]));
    const registries = await numbers("of-registries");
    const sum = (index) => registries.reduce((sum, row) => sum + Number(row[index]), 0);
    const { images, migrated, excepted, unlisted, left } = plans.half.figures;
    assert.deepEqual([1, 2, 3, 4, 5].map(sum),
      [images, migrated, excepted, unlisted, left.high + left.medium + left.low]);
  }));

  test("progress is drawn, told in words, and stands beside it in a table", () =>
    on("half", {}, async (page) => {
      const { points } = plans.half.history;
      assert.equal(points.length, 6);
      const left = ({ left: { high, medium, low } }) => high + medium + low;
      const rows = await page.$$eval("[aria-labelledby=of-progress] tbody tr", (rows) =>
        rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
      const row = ({ day, commit, figures }) =>
        [`${day}${commit.slice(0, 10)}`, `${figures.percent} %`, figures.migrated, figures.excepted,
          left(figures)].map(String);
      const now = row({ day: "now", commit: "", figures: plans.half.figures });
      assert.deepEqual(rows, [now, ...points.map(row).reverse()]);
      const drawing = page.getByRole("img", { name: /^2026-06-01: 3 in place.*Now: 7 in place/ });
      assert.equal(await drawing.count(), 1);
      // The drawing's layers, at its right end, are as high as the figures.
      const heights = await page.$$eval(".plot g:last-of-type rect", (rects) =>
        rects.map((rect) => [rect.getAttribute("class"), rect.getBoundingClientRect().height]));
      const all = heights.reduce((sum, [, height]) => sum + height, 0);
      const { images, migrated, excepted, unlisted } = plans.half.figures;
      const counts = { done: migrated, excepted, unlisted, open: left(plans.half.figures) };
      for (const [layer, height] of heights) {
        assert.ok(Math.abs(height / all - counts[layer] / images) < 0.02, layer);
      }
    }));
});

describe("by keyboard alone", () => {
  test("each control says what it is for", () => on("half", {}, async (page) => {
    for (const [role, name] of [["searchbox", "Find"], ["combobox", "State"], ["combobox", "Priority"],
      ["button", "Show all"], ["search", "Images"]]) {
      assert.equal(await page.getByRole(role, { name, exact: true }).count(), 1, name);
    }
  }));

  test("words, state and priority filter", () => on("half", {}, async (page) => {
    await tabTo(page, "#words");
    await page.keyboard.type("KRATOS values");
    const found = await column(page, FILE);
    assert.ok(found.length >= 2 && found.every((file) => /kratos.*values/.test(file)), found);
    assert.match(await page.textContent("#count"), new RegExp(`^${found.length} of 20`));
    await page.keyboard.press("Tab");
    await page.keyboard.type("to move");
    const states = await column(page, STATE);
    assert.ok(states.length > 0 && states.length < found.length, states);
    assert.ok(states.every((state) => state === "to move"), states);
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowDown");
    assert.deepEqual([...new Set(await column(page, PRIORITY))], ["high"]);
    await tabTo(page, "#tools button");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.getElementById("words").value === "");
    await page.waitForFunction(() => document.getElementById("count").textContent.startsWith("20"));
    assert.equal((await column(page, FILE)).length, 20);
  }));

  test("what fits nothing says so", () => on("half", {}, async (page) => {
    await tabTo(page, "#words");
    await page.keyboard.type("no such image");
    assert.deepEqual(await column(page, IMAGE), []);
    assert.equal(await page.isVisible("#none"), true);
    assert.match(await page.textContent("#count"), /^0 of/);
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    assert.equal(await page.isVisible("#none"), false);
  }));

  test("each column sorts, both ways, and says so", () => on("half", {}, async (page) => {
    const numbered = new Intl.Collator("en", { numeric: true }).compare;
    const urgency = ["high", "medium", "low", ""];
    const compare = (index) => index === PRIORITY
      ? (a, b) => urgency.indexOf(a) - urgency.indexOf(b) : numbered;
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const before = await column(page, index);
      await tabTo(page, `#images th:nth-child(${index + 1}) button`);
      await page.keyboard.press(index % 2 ? "Enter" : "Space");
      const sorted = await column(page, index);
      assert.deepEqual(sorted, before.slice().sort(compare(index)));
      const told = () => page.$$eval("#images th", (heads) =>
        heads.map((head) => head.getAttribute("aria-sort")));
      const only = (word) => [0, 1, 2, 3, 4, 5].map((i) => (i === index ? word : null));
      assert.deepEqual(await told(), only("ascending"));
      await page.keyboard.press("Enter");
      assert.deepEqual(await column(page, index), sorted.slice().sort((a, b) => compare(index)(b, a)));
      assert.deepEqual(await told(), only("descending"));
    }
  }));

  test("long tables scroll", () => on("half", {}, async (page) => {
    await tabTo(page, "[aria-labelledby=of-charts].scroll");
    await page.keyboard.press("End");
    const scrolled = () => page.$eval("[aria-labelledby=of-charts].scroll", (box) => box.scrollTop);
    for (let wait = 0; wait < 50 && await scrolled() === 0; wait += 1) await page.waitForTimeout(20);
    assert.ok(await scrolled() > 0);
  }));
});

describe("accessible", () => {
  const ways = {
    light: {}, dark: { colorScheme: "dark" }, phone: PHONE, "phone, dark": { ...PHONE, colorScheme: "dark" },
    "high contrast": { forcedColors: "active" },
  };
  for (const [way, options] of Object.entries(ways)) {
    for (const name of way === "light" ? ["half", "hostile", "empty"] : ["half", "hostile"]) {
      test(`${name}, ${way}: axe finds nothing`, () => on(name, options, async (page) => {
        // Both states of the controls count.
        if (name !== "empty") await page.click(way.startsWith("phone") ? "#words" : "#images th button");
        await page.evaluate(AXE);
        const found = await page.evaluate((values) => window.axe.run(document, {
          runOnly: { type: "tag", values }, resultTypes: ["violations", "passes"],
        }), RULES);
        const told = found.violations.flatMap(({ id, help, nodes }) =>
          nodes.map((node) => `${id}: ${help}: ${node.html}`));
        assert.deepEqual(told, []);
        if (name === "empty") return;
        for (const rule of ["color-contrast", "label", "select-name", "region", "scrollable-region-focusable"]) {
          const ruled = found.passes.some(({ id, nodes }) => id === rule && nodes.length > 0);
          const isSeen = rule === "color-contrast" && way === "high contrast"
            || rule === "scrollable-region-focusable" && way.startsWith("phone");
          assert.ok(ruled || isSeen, `${rule} was not looked at`);
        }
      }));
    }
  }
});

describe("hostile names", () => {
  test("are text, and nothing of them runs", () => on("hostile", {}, async (page) => {
    const text = await page.evaluate(() => document.body.textContent);
    for (const name of HOSTILE) {
      // As a chart's name, in an exception's reason, in a condition, in a file's name.
      assert.ok(text.split(name).length > 4, name);
      assert.ok(text.includes(`values-${name.replaceAll("/", "∕")}.yaml`), name);
    }
    const elements = await page.$$eval("*", (all) => all.map((element) => ({
      name: element.localName,
      attributes: Array.from(element.attributes, (attribute) => attribute.name),
    })));
    const of = (name) => elements.filter((element) => element.name === name).length;
    assert.deepEqual([of("script"), of("style"), of("img"), of("iframe"), of("textarea")], [1, 1, 0, 0, 0]);
    const attributes = new Set(elements.flatMap((element) => element.attributes));
    assert.deepEqual([...attributes].filter((name) => /^on|^src$|^style$|xlink/.test(name)), []);
    const links = await page.$$eval("a", (all) => all.map((link) => link.getAttribute("href")));
    assert.ok(links.every((link) => /^#of-[a-z]+$/.test(link)), links);
  }));

  test("turn the direction of nothing", () => on("hostile", {}, async (page) => {
    const text = await page.evaluate(() => document.documentElement.outerHTML);
    assert.doesNotMatch(text, /[\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/);
    assert.ok(text.includes(TURNED.replace(/[^ -~]/g, "\ufffd")));
  }));

  test("stay text when they are sorted, filtered and typed", () => on("hostile", {}, async (page) => {
    for (const name of HOSTILE) {
      await page.fill("#words", name);
      const found = await column(page, CHART);
      assert.ok(found.length > 0, name);
      await page.click("#images th button");
    }
  }));
});

describe("on a phone", () => {
  for (const width of [360, 390, 420]) {
    for (const name of ["half", "hostile"]) {
      test(`${name}, ${width} pixels: nothing is wider than the screen`, () =>
        on(name, { ...PHONE, viewport: { width, height: 800 } }, async (page) => {
          const wide = await page.evaluate(() => ({
            page: document.documentElement.scrollWidth,
            // A box that scrolls by itself may hold what is wider.
            wider: Array.from(document.querySelectorAll("body *"))
              .filter((element) => !element.closest(".progress .scroll, svg"))
              .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
              .map((element) => element.outerHTML.slice(0, 80)),
            small: Array.from(document.querySelectorAll("td, p, li, code, label, .note"))
              .filter((element) => element.checkVisibility() && element.textContent !== "")
              .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 12)
              .map((element) => element.outerHTML.slice(0, 80)),
          }));
          assert.deepEqual(wide, { page: width, wider: [], small: [] });
        }));
    }
  }

  test("rows are cards, which sort by a list", () => on("half", PHONE, async (page) => {
    assert.equal(await page.isVisible("#images thead"), false);
    await page.selectOption("#sort", { label: "File, backwards" });
    const files = await column(page, FILE);
    const numbered = new Intl.Collator("en", { numeric: true }).compare;
    assert.deepEqual(files, files.slice().sort((a, b) => numbered(b, a)));
    await page.selectOption("#sort", { label: "the charts' order" });
    const order = plans.half.images.map((image) => `${image.path}:${image.line}`);
    assert.deepEqual(await column(page, FILE), order);
  }));
});

describe("on paper", () => {
  test("every row is there, whatever was filtered, and no control", () =>
    on("half", { colorScheme: "dark" }, async (page) => {
      await page.fill("#words", "dex");
      assert.equal((await column(page, FILE)).length, 1);
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: "print" });
      assert.equal((await column(page, FILE)).length, plans.half.images.length);
      const seen = await page.evaluate(() => ({
        controls: Array.from(document.querySelectorAll("form, input, select, nav, #none"))
          .filter((element) => element.checkVisibility()).map((element) => element.outerHTML),
        heads: document.querySelector("#images thead").checkVisibility(),
        // What a box cuts off cannot be scrolled on paper.
        cut: Array.from(document.querySelectorAll(".scroll"))
          .filter((box) => box.scrollHeight > box.clientHeight + 1).length,
        wide: document.documentElement.scrollWidth > innerWidth,
        paper: getComputedStyle(document.body).backgroundColor,
        ink: getComputedStyle(document.body).color,
      }));
      assert.deepEqual(seen, {
        controls: [], heads: true, cut: 0, wide: false, paper: "rgb(255, 255, 255)", ink: "rgb(27, 31, 39)",
      });
    }));

  test("it can be printed, with heads that hold no control, and sorts afterwards", () =>
    on("half", {}, async (page) => {
      const controls = () => page.$$eval("#images thead button", (buttons) => buttons.length);
      await page.evaluate(() => addEventListener("beforeprint", () => {
        document.body.dataset.printed = document.querySelectorAll("#images thead button").length;
      }));
      assert.ok((await page.pdf({ format: "A4" })).length > 10_000);
      assert.equal(await page.getAttribute("body", "data-printed"), "0");
      assert.equal(await controls(), 6);
      const files = await column(page, FILE);
      await page.click("#images th:nth-child(6) button");
      await page.click("#images th:nth-child(6) button");
      assert.notDeepEqual(await column(page, FILE), files);
    }));
});

describe("columns do not lie on one another", () => {
  const over = (page) => page.$$eval("td, th", (cells) => cells.filter((cell) => {
    const inner = document.createRange();
    inner.selectNodeContents(cell);
    return inner.getBoundingClientRect().right > cell.getBoundingClientRect().right + 1;
  }).map((cell) => cell.outerHTML.slice(0, 120)));
  for (const name of ["half", "hostile"]) {
    test(name, () => on(name, {}, async (page) => {
      for (const width of [600, 768, 960, 961, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await over(page), [], width);
      }
      await page.setViewportSize(PAPER);
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(await over(page), [], "on paper");
    }));
  }
});

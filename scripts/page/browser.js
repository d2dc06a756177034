// A browser, watched: whatever a page says, asks for or refuses is kept.
import { chromium } from "playwright-core";

export async function launch() {
  // Root has no sandbox to put a browser into.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: process.env.CHROMIUM, args });
}

/** Opens a file as a person does, and gives the page with all that happened in it. */
export async function open(browser, file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const url = `file://${file}`;
  const happened = [];
  page.on("console", (message) => happened.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => happened.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { happened.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("popup", (popup) => happened.push(`popup: ${popup.url()}`));
  page.on("request", (request) => {
    if (request.url() !== url) happened.push(`request: ${request.url()}`);
  });
  page.on("framenavigated", (frame) => {
    if (!frame.url().startsWith(url)) happened.push(`navigated: ${frame.url()}`);
  });
  if (options.javaScriptEnabled !== false) {
    await page.addInitScript(() => {
      // What hostile text would call.
      window.ran = (what) => console.log(`ran: ${what}`);
      document.addEventListener("securitypolicyviolation", (event) =>
        console.log(`refused: ${event.violatedDirective} ${event.blockedURI}`));
    });
  }
  await page.goto(url);
  return { page, happened, close: () => context.close() };
}

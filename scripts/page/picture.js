// The picture of the page in the README.
import { launch, open } from "./browser.js";
import { halfDone } from "./samples.js";

const browser = await launch();
const { page, happened } = await open(browser, halfDone().page(), { viewport: { width: 1200, height: 1180 } });
await page.screenshot({ path: process.argv[2] });
await browser.close();
if (happened.length > 0) throw new Error(happened.join("\n"));

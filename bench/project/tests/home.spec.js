import { expect, test } from "appwright";
import { byId, tap, textOf } from "./apis";

test("the app starts", async ({ device }) => {
  expect(await textOf(device, "title")).toBe("API Demos");
});

test("a chapter opens", async ({ device }) => {
  await tap(device, "views");
  await expect(byId(device, "controls")).toBeVisible();
});

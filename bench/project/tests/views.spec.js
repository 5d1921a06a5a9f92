import { expect, test } from "appwright";
import { byId, tap, textOf } from "./apis";

test("a toggle turns on", async ({ device }) => {
  await tap(device, "views", "buttons", "toggle");
  expect(await textOf(device, "toggle")).toBe("ON");
});

test("typed text is seen", async ({ device }) => {
  await tap(device, "views", "controls");
  await byId(device, "edit").fill("hello");
  await tap(device, "check");
  expect(await textOf(device, "answer")).toBe("Something was typed");
});

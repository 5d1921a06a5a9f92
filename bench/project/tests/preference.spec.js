import { expect, test } from "appwright";
import { byId, tap, textOf } from "./apis";

test("a name is stored", async ({ device }) => {
  await tap(device, "preference");
  await byId(device, "name").fill("Ada");
  await tap(device, "save");
  expect(await textOf(device, "saved")).toBe("Stored: Ada");
});

test("a fresh start knows no name", async ({ device }) => {
  await tap(device, "preference");
  expect(await textOf(device, "saved")).toBe("Stored: ");
});

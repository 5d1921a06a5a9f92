import { expect, test } from "appwright";
import { tap, textOf } from "./apis";

for (const count of [1, 3]) {
  test(`${count} added lines are counted`, async ({ device }) => {
    await tap(device, "text", ...Array(count).fill("add"));
    expect(await textOf(device, "lines")).toBe(`Lines: ${count}`);
  });
}

import { expect, test } from "appwright";
import { byId, checkOutMugs, textOf } from "./shop";

// The shop accepts this coupon and then takes nothing off: a bug of the app, kept to show what an honest failure looks like.
test("coupon SAVE10 takes ten per cent off", async ({ device }) => {
  await checkOutMugs(device, 1);
  await byId(device, "coupon").fill("SAVE10");
  await byId(device, "apply_coupon").tap();
  expect(await textOf(device, "discount")).toBe("Discount: 10 %");
});

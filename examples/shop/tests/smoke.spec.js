import { expect, test } from "appwright";
import { byId, checkOutMugs, skipTour } from "./shop";

test("the app starts", async ({ device }) => {
  await expect(byId(device, "tour_title")).toBeVisible();
});

test("a guest can buy a mug", async ({ device }) => {
  await checkOutMugs(device, 1);
  await byId(device, "card").fill("4242");
  await byId(device, "pay").tap();
  await expect(device.getByText("Thank you")).toBeVisible();
});

test("a guest can leave again", async ({ device }) => {
  await skipTour(device);
  await byId(device, "guest").tap();
  await byId(device, "sign_out").tap();
  await expect(byId(device, "sign_in")).toBeVisible();
});

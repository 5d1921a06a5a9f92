import { expect, test } from "appwright";
import { byId, skipTour, textOf } from "./shop";

test.describe("the first start", () => {
  test("greets a new customer", async ({ device }) => {
    await expect(device.getByText("Welcome to Example Shop", { exact: true })).toBeVisible();
  });

  test("shows the tour page by page and ends at the sign-in", async ({ device }) => {
    for (const title of ["Welcome to Example Shop", "Delivered in two days", "Thirty days to return"]) {
      expect(await textOf(device, "tour_title")).toBe(title);
      await byId(device, "next").tap();
    }
    expect(await textOf(device, "title")).toBe("Sign in");
  });

  test("lets a customer skip the tour", async ({ device }) => {
    await skipTour(device);
    expect(await textOf(device, "title")).toBe("Sign in");
  });

  test("remembers nothing of an earlier test", async ({ device }) => {
    // Passes only when the app's data were cleared since the test above.
    await expect(byId(device, "skip_tour")).toBeVisible();
  });
});

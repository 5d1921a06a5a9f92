import { expect, test } from "appwright";
import { byId, checkOutMugs, textOf } from "./shop";

test.describe("checking out", () => {
  for (const count of [1, 3]) {
    test(`sums up a cart of ${count}`, async ({ device }) => {
      await checkOutMugs(device, count);
      expect(await textOf(device, "summary")).toBe(`Mugs in your order: ${count}`);
    });
  }

  test("is not possible with an empty cart", async ({ device }) => {
    await checkOutMugs(device, 0);
    expect(await textOf(device, "error")).toBe("Your cart is empty");
  });

  const PAYMENTS = [
    { card: "4242", id: "thanks", message: "Thank you for your order" },
    { card: "4000", id: "error", message: "Your bank declined this card" },
    { card: "", id: "error", message: "Enter a card number" },
  ];
  for (const { card, id, message } of PAYMENTS) {
    test(`answers card "${card}" with "${message}"`, async ({ device }) => {
      await checkOutMugs(device, 1);
      if (card) await byId(device, "card").fill(card);
      await byId(device, "pay").tap();
      expect(await textOf(device, id)).toBe(message);
    });
  }
});

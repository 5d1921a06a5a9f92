import { expect, test } from "appwright";
import { byId, signIn, textOf } from "./shop";

const CUSTOMER = { email: "ada@example.com", password: "correct horse" };

const REFUSALS = [
  { why: "a wrong password", email: CUSTOMER.email, password: "wrong", message: "Wrong e-mail or password" },
  { why: "no password", email: CUSTOMER.email, password: "", message: "Enter your password" },
  { why: "no e-mail address", email: "", password: CUSTOMER.password, message: "Enter your e-mail address" },
  { why: "a locked account", email: "locked@example.com", password: CUSTOMER.password, message: "This account is locked" },
];

test.describe("signing in", () => {
  test("opens the catalogue with the customer's name", async ({ device }) => {
    await signIn(device, CUSTOMER);
    expect(await textOf(device, "greeting")).toBe("Hello ada@example.com");
  });

  for (const { why, email, password, message } of REFUSALS) {
    test(`is refused with ${why}`, async ({ device }) => {
      await signIn(device, { email, password });
      expect(await textOf(device, "error")).toBe(message);
    });
  }

  test("works at the second try", async ({ device }) => {
    await signIn(device, { ...CUSTOMER, password: "wrong" });
    await byId(device, "try_again").tap();
    await byId(device, "email").fill(CUSTOMER.email);
    await byId(device, "password").fill(CUSTOMER.password);
    await byId(device, "sign_in").tap();
    await expect(byId(device, "greeting")).toBeVisible();
  });
});

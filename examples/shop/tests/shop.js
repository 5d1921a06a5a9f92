// The words of the shop app: where things are on its screens, and the ways through it that several specs take.

const PACKAGE = "com.example.shop";

/** The element with this Android resource id. */
export const byId = (device, id) => device.getById(`${PACKAGE}:id/${id}`, { exact: true });

export const textOf = (device, id) => byId(device, id).getText();

/** From a fresh start to the sign-in screen. */
export async function skipTour(device) {
  await byId(device, "skip_tour").tap();
}

/** From a fresh start through the sign-in form; an empty string leaves its field alone. */
export async function signIn(device, { email, password }) {
  await skipTour(device);
  if (email) await byId(device, "email").fill(email);
  if (password) await byId(device, "password").fill(password);
  await byId(device, "sign_in").tap();
}

/** From a fresh start to the checkout as a guest with this many mugs in the cart. */
export async function checkOutMugs(device, count) {
  await skipTour(device);
  await byId(device, "guest").tap();
  for (let i = 0; i < count; i += 1) await byId(device, "add_mug").tap();
  await byId(device, "checkout").tap();
}

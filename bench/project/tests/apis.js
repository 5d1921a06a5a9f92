// Where things are on the screens of API demos (app-model.json).

const PACKAGE = "io.appium.android.apis";

/** The element with this Android resource id. */
export const byId = (device, id) => device.getById(`${PACKAGE}:id/${id}`, { exact: true });

export const textOf = (device, id) => byId(device, id).getText();

/** From a fresh start through these buttons, one after the other. */
export async function tap(device, ...ids) {
  for (const id of ids) await byId(device, id).tap();
}

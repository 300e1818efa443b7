// A device that keeps passkeys, as Chromium plays one, and the address under which there are any.

/** The server's address by a name: passkeys belong to none that is a number. */
export const byName = (server) => server.url.replace("127.0.0.1", "localhost");

/** Gives the page a device that asks for the person's finger, and always finds it to be theirs. */
export async function withDevice(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  /** Whether it finds the finger to be theirs. */
  const knows = (isUserVerified) =>
    devtools.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified });
  /** The device is gone; the page takes another one. */
  const leave = () => devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId });
  return { knows, leave };
}

/** Adds a passkey on the page of one's passkeys. */
export async function addPasskey(page, name) {
  await page.getByLabel("What you call it").fill(name);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator(".passkey-list").getByText(name, { exact: true }).waitFor();
}

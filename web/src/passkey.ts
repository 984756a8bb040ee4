// Creates and uses passkeys with django-allauth's forms: the browser's answer goes into the form's `credential` field.
//
// Options come from <script type="application/json" id="webauthn-options"> or, at sign-in, from the form's own address;
// both are {creation_options | request_options: {publicKey}} with every byte string in base64url (WebAuthn level 3 JSON).

interface CredentialReference {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

interface CreationOptions extends Omit<
  PublicKeyCredentialCreationOptions,
  "challenge" | "user" | "excludeCredentials"
> {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: CredentialReference[];
}

interface RequestOptions extends Omit<PublicKeyCredentialRequestOptions, "challenge" | "allowCredentials"> {
  challenge: string;
  allowCredentials?: CredentialReference[];
}

interface ServerOptions {
  creation_options?: { publicKey: CreationOptions };
  request_options?: { publicKey: RequestOptions };
}

function bytes(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0)).buffer;
}

function base64url(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const references = (list: CredentialReference[] = []): PublicKeyCredentialDescriptor[] =>
  list.map((one) => ({ ...one, id: bytes(one.id) }));

function answer(credential: PublicKeyCredential): string {
  const response = credential.response;
  const fields: Record<string, unknown> = { clientDataJSON: base64url(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    fields["attestationObject"] = base64url(response.attestationObject);
    fields["transports"] = response.getTransports();
  } else if (response instanceof AuthenticatorAssertionResponse) {
    fields["authenticatorData"] = base64url(response.authenticatorData);
    fields["signature"] = base64url(response.signature);
    fields["userHandle"] = response.userHandle && base64url(response.userHandle);
  }
  return JSON.stringify({
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: fields,
  });
}

// A passkey must be found without a user name, so it is asked to live on the device and to check its owner.
async function create(options: CreationOptions): Promise<Credential | null> {
  return navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: references(options.excludeCredentials),
      authenticatorSelection: {
        ...options.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  });
}

async function get(options: RequestOptions): Promise<Credential | null> {
  return navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: references(options.allowCredentials),
    },
  });
}

async function serverOptions(form: HTMLFormElement): Promise<ServerOptions> {
  const inPage = document.getElementById("webauthn-options")?.textContent;
  if (inPage) return JSON.parse(inPage) as ServerOptions;
  const response = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`no passkey options: ${response.status}`);
  return (await response.json()) as ServerOptions;
}

async function perform(kind: string | undefined, options: ServerOptions): Promise<Credential | null> {
  if (kind === "create" && options.creation_options) return create(options.creation_options.publicKey);
  if (kind === "get" && options.request_options) return get(options.request_options.publicKey);
  throw new Error(`no options to ${kind ?? "use"} a passkey`);
}

// The person closing the browser's dialogue is no fault: the page says so in words the server wrote.
async function answerWithPasskey(button: HTMLButtonElement, form: HTMLFormElement): Promise<void> {
  const problem = form.querySelector<HTMLElement>("[data-passkey-problem]");
  if (problem) problem.hidden = true;
  button.disabled = true;
  try {
    const credential = await perform(button.dataset["passkey"], await serverOptions(form));
    const field = form.elements.namedItem("credential");
    if (!(credential instanceof PublicKeyCredential) || !(field instanceof HTMLInputElement)) return;
    field.value = answer(credential);
    form.submit();
  } catch (error) {
    console.warn(error);
    if (problem) problem.hidden = false;
  } finally {
    button.disabled = false;
  }
}

/** Buttons `[data-passkey]` are hidden in the page and shown here, where the browser knows passkeys. */
export function startPasskeys(): void {
  if (!("PublicKeyCredential" in window)) return;
  for (const button of document.querySelectorAll<HTMLButtonElement>("[data-passkey]")) {
    button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("[data-passkey]");
    if (!(button instanceof HTMLButtonElement) || !button.form) return;
    event.preventDefault();
    void answerWithPasskey(button, button.form);
  });
}

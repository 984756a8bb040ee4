// An invitation's secret stands after the # of its link, where no server log sees it; here it moves into the form.
export function startInvitation(): void {
  const field = document.querySelector<HTMLInputElement>('input[name="token"]');
  if (!field || location.hash.length < 2) return;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}

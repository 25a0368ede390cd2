// What SvelteKit may be told about the app; nothing yet.
declare global {
  namespace App {}
}
export {};

// Everything is drawn in the browser: the server hands out one page, and answers by GraphQL.
export const ssr = false;
export const prerender = false;

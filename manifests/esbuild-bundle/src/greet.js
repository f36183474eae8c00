export const greet = (name) => `hello, ${name}`;
// Nothing imports this one: a bundle that still holds it was not tree-shaken.
export const unusedFarewell = (name) => `goodbye, ${name}`;

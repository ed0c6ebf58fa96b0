/** Text that is HTML already. */
export type Html = string

export const escape = (text: string): Html =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** The IANA name of the browser's time zone. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

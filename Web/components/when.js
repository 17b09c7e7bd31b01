const CLOCK = /** @type {const} */ ({ hour: '2-digit', minute: '2-digit' });

/**
 * A time as people say it: today's by the clock alone.
 *
 * @param {Date} at
 * @param {boolean} hasSeconds
 */
export function shownTime(at, hasSeconds = false) {
  const clock = at.toLocaleTimeString([], hasSeconds ? { ...CLOCK, second: '2-digit' } : CLOCK);
  if (at.toDateString() === new Date().toDateString()) return clock;
  return `${at.toLocaleDateString([], { day: 'numeric', month: 'short', year: 'numeric' })}, ${clock}`;
}

/** @param {number} seconds As `0:07`, with hours where there are any. */
export function shownLength(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3_600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

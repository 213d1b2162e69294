// What chosen actions do to a score, in whole hundredths as the server computes it (internal/plan, internal/score).

export interface Sums {
  readonly total: bigint;
  readonly score: bigint;
  readonly planned: bigint;
  readonly licensed: bigint;
  readonly achievable: bigint;
}

export interface Action {
  readonly points: bigint; // that are left
  readonly effort: bigint;
  readonly planned: boolean;
  readonly licensed: boolean;
  readonly accepted: boolean;
}

// after is the sums once actions are done. A view grows by what it did not expect.
export function after(before: Sums, actions: readonly Action[]): Sums {
  let { score, planned, licensed, achievable } = before;
  for (const action of actions) {
    score += action.points;
    planned += action.planned ? 0n : action.points;
    licensed += action.licensed ? 0n : action.points;
    achievable += action.licensed && !action.accepted ? 0n : action.points;
  }
  return { total: before.total, score, planned, licensed, achievable };
}

const full = 10000n; // hundredths of 100 percent

// percent is part of whole in hundredths of a percent, rounded half up; what is not all of it is less than 100 percent.
export function percent(part: bigint, whole: bigint): bigint {
  if (whole <= 0n) {
    return 0n;
  }
  const rounded = (2n * full * part + whole) / (2n * whole);
  return rounded >= full && part < whole ? full - 1n : rounded;
}

// percentage writes hundredths of a percent: 63.21%.
export function percentage(value: bigint): string {
  return `${String(value / 100n)}.${String(value % 100n).padStart(2, "0")}%`;
}

// number writes hundredths with as many decimals as they need, and thousands apart: 1,018.4.
export function number(value: bigint): string {
  const decimals = String(value % 100n).padStart(2, "0").replace(/0+$/, "");
  return (value / 100n).toLocaleString("en") + (decimals === "" ? "" : "." + decimals);
}

// change writes a change in hundredths with its sign: +1.5, −2, and ±0 for none.
export function change(value: bigint): string {
  if (value === 0n) {
    return "±0";
  }
  const size = value < 0n ? -value : value;
  const decimals = String(size % 100n).padStart(2, "0").replace(/0+$/, "");
  return (value < 0n ? "−" : "+") + String(size / 100n) + (decimals === "" ? "" : "." + decimals);
}

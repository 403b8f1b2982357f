/**
 * A version of `action` that runs at once, and then at most once in `interval` milliseconds however often it is called;
 * the last call always leads to a run. `cancel` drops a run that waits.
 */
export function throttled(action: () => void, interval: number): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isWanted = false;

  function run() {
    isWanted = false;
    timer = setTimeout(() => {
      timer = null;
      if (isWanted) {
        run();
      }
    }, interval);
    action();
  }
  function call() {
    if (timer === null) {
      run();
    } else {
      isWanted = true;
    }
  }
  call.cancel = () => {
    isWanted = false;
  };
  return call;
}

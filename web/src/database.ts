// The browser's own small database: what waits to be sent, and the last messages read. The page and the service worker
// both open it; where a browser has none, everything works but does not outlive the page.

const NAME = "parlor";
const VERSION = 1;

type StoreName = "outbox" | "messages";

let opening: Promise<IDBDatabase> | undefined;

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The browser's database failed."));
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("outbox", { keyPath: "client_id" });
    request.result.createObjectStore("messages", { keyPath: "id" }).createIndex("room", "room");
  };
  return settled(request).then((database) => {
    // Logging out deletes it: the next use opens it anew.
    database.onclose = () => {
      opening = undefined;
    };
    database.onversionchange = () => {
      database.close();
      opening = undefined;
    };
    return database;
  });
}

/** Does `work` in one transaction over `name` and yields what its request yields. Those begun later wait for it. */
export async function within<T>(
  name: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  opening ??= open();
  try {
    const database = await opening;
    return await settled(work(database.transaction(name, mode).objectStore(name)));
  } catch (failure) {
    opening = undefined;
    throw failure;
  }
}

/** Empties `name`. A database that is not there is not made for that: logging out has just deleted it. */
export async function empty(name: StoreName): Promise<void> {
  const request = indexedDB.open(NAME);
  request.onupgradeneeded = () => request.transaction?.abort();
  const database = await settled(request);
  try {
    await settled(database.transaction(name, "readwrite").objectStore(name).clear());
  } finally {
    database.close();
  }
}

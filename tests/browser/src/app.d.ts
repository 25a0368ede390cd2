// What the app's compiler knows and ours does not: the words' types lead to a file with runes in it.
declare function $state<T>(initial: T): T;

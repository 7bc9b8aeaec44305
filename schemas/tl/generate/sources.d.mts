/** The folder of an installed package, found without the help of its `exports`. */
export declare function packageFolder(name: string): string

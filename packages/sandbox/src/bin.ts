#!/usr/bin/env node
/** The executable `signalwire-sandbox`. */
import { main } from "./main.ts"

main("signalwire-sandbox", process.argv.slice(2))

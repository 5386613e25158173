/** The last part of the help texts, after the commands. */
import * as HelpDoc from "@effect/cli/HelpDoc"

const section = (title: string, lines: ReadonlyArray<string>) => [HelpDoc.h1(title), ...lines.map(HelpDoc.p)]

export const footer = (examples: ReadonlyArray<string>) =>
  HelpDoc.blocks([
    ...section("EXAMPLES", examples.map(example => `$ ${example}`)),
    ...section("LISTS", [
      "A list is a table that fits the terminal: columns without space are dropped. Its times are local.",
      "With --json, it has one line for each item, with all fields; only there are the URLs of recordings, which are secret."
    ]),
    ...section("ANYWHERE", [
      "--help, --version: print this text, or the version",
      "--log-level LEVEL: error hides warnings, debug logs details of an internal error",
      "--completions SHELL: print a completion script for bash, zsh, fish or sh"
    ]),
    ...section("ENVIRONMENT", [
      "SIGNALWIRE_SPACE: the space, such as acme or acme.signalwire.com, or a server on this machine: 127.0.0.1:8080",
      "SIGNALWIRE_PROJECT_ID: the id of the project",
      "SIGNALWIRE_API_TOKEN: an API token of the project, with the Video scope",
      "SIGNALWIRE_REST_BASE_URL: any other address, in place of SIGNALWIRE_SPACE",
      "SIGNALWIRE_REST_CA_FILE: a file with the certificates, in PEM, that are trusted in place of the well-known authorities",
      "SIGNALWIRE_DECODING: strict (the default), or lenient, which shows an invalid nullable field as not set",
      "HTTPS_PROXY, NO_PROXY: the proxy, and the hosts that are reached without it",
      "NO_COLOR: any value disables colors"
    ]),
    ...section("EXIT CODES", [
      "0: success",
      "1: something could not be fetched or written, or the id is invalid; standard error has the reason",
      "2: the command line is invalid",
      "130, 143: interrupted"
    ])
  ])

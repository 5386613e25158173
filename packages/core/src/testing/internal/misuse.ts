/** A test that contradicts itself. It is no failure of the service, so it ends the test as a defect, with this message. */
export class Misuse extends Error {
  override readonly name = "TestMisuse"
}

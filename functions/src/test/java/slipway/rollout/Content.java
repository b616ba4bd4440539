package slipway.rollout;

/**
 * What a service runs in the simulation's own words: the template's version, and the commit of each
 * image. The laws compare these and no fingerprints, which they are to judge.
 */
record Content(int template, int app, int adot) {
  /** Reads it from a revision. */
  static Content of(TaskDefinition revision) {
    var images = revision.images();
    return new Content(
        Fleet.version(revision), Fleet.commit(images.get("app")), Fleet.commit(images.get("adot")));
  }

  @Override
  public String toString() {
    return "template %d, app %d, adot %d".formatted(template, app, adot);
  }
}

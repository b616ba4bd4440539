package slipway.audit;

import java.util.Optional;

/** Where audit reports are kept. */
interface Archive {
  /** The document of that key, if there is one. */
  Optional<String> read(String key);

  void write(String key, String contentType, String text);

  /** Where people find the document of that key. */
  String place(String key);
}

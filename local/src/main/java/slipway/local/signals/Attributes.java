package slipway.local.signals;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attributes of OTLP as maps and JSON values. */
final class Attributes {
  private Attributes() {}

  static Map<String, Object> map(List<KeyValue> attributes) {
    var map = new LinkedHashMap<String, Object>();
    for (var attribute : attributes) map.put(attribute.getKey(), value(attribute.getValue()));
    return map;
  }

  /** The first of the attributes that is there and not blank. */
  static Optional<String> first(Map<String, Object> attributes, String... names) {
    for (var name : names) {
      var value = attributes.get(name);
      if (value != null && !value.toString().isBlank()) return Optional.of(value.toString());
    }
    return Optional.empty();
  }

  static Object value(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case ARRAY_VALUE ->
          value.getArrayValue().getValuesList().stream().map(Attributes::value).toList();
      case KVLIST_VALUE -> map(value.getKvlistValue().getValuesList());
      case BYTES_VALUE -> java.util.HexFormat.of().formatHex(value.getBytesValue().toByteArray());
      default -> "";
    };
  }
}

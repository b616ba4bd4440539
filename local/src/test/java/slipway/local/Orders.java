package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import slipway.json.Json;
import slipway.local.stack.LocalStack;

/** What a person on call does with {@code aws lambda invoke}. */
final class Orders {
  private Orders() {}

  /**
   * As the AWS CLI invokes a function; local does not verify signatures.
   *
   * @param order with {@code '} for {@code "}
   */
  static Json give(LocalStack stack, String order) {
    var function = stack.outputs().get("OperatorFunctionName").split(":");
    var request =
        HttpRequest.newBuilder(
                URI.create(
                    "%s/2015-03-31/functions/%s/invocations?Qualifier=%s"
                        .formatted(stack.endpoint(), function[0], function[1])))
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=%s/20260101/ap-northeast-1/lambda/aws4_request, Signature=0"
                    .formatted(stack.operator().caller().accessKey()))
            .POST(HttpRequest.BodyPublishers.ofString(order.replace('\'', '"')))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Amz-Function-Error")).isEmpty();
      return Json.parse(answer.body());
    } catch (IOException e) {
      throw new AssertionError("the operator function does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

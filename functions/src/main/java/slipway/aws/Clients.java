package slipway.aws;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * Builds AWS clients that share one HTTP client. Region, credentials and endpoints come from the
 * SDK's own standard settings (environment variables on Lambda), so there is nothing to configure
 * here and no way to tell where it runs.
 */
public final class Clients {
  private static final SdkHttpClient HTTP =
      new PatchHttp(
          UrlConnectionHttpClient.builder()
              .connectionTimeout(Duration.ofSeconds(2))
              .socketTimeout(Duration.ofSeconds(20))
              .build());

  private Clients() {}

  /**
   * Builds a client: {@code Clients.build(EcsClient.builder())}.
   *
   * @param interceptors such as {@link RawJson}; mostly none
   */
  public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      B builder, ExecutionInterceptor... interceptors) {
    return build(
        builder,
        AwsRetryStrategy.standardRetryStrategy().toBuilder().maxAttempts(4).build(),
        List.of(interceptors));
  }

  /**
   * Builds a client for an API with few requests a second: once throttled, it slows itself down to
   * what it is given instead of running into the wall again.
   */
  public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C paced(
      B builder) {
    return build(
        builder,
        AwsRetryStrategy.adaptiveRetryStrategy().toBuilder().maxAttempts(8).build(),
        List.of());
  }

  private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C build(
      B builder, RetryStrategy retries, List<ExecutionInterceptor> interceptors) {
    return builder
        .httpClient(HTTP)
        .defaultsMode(DefaultsMode.STANDARD)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .executionInterceptors(interceptors)
                .retryStrategy(retries)
                .build())
        .build();
  }
}

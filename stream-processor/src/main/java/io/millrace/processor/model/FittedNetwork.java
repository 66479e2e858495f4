package io.millrace.processor.model;

import io.millrace.model.Manifest;

/**
 * What a fit gives: the two things that a model of kind djl is made of.
 *
 * @param network for the manifest
 * @param artifact the parameters, as DJL saves them
 * @param epochs after how many the weights are those that were kept
 */
public record FittedNetwork(Manifest.Network network, byte[] artifact, int epochs) {}

const decoder = new TextDecoder()

export const decode = (body: Uint8Array): string => decoder.decode(body)
